### 规划、任务、指标页面

## Home
plans-home-title = 我的待办
plans-home-title-public = 规划进展
plans-home-lead = 今天是{ $date }，有{ $count }件事项等您办理。
plans-home-lead-nothing = 今天是{ $date }，目前没有等您办理的事项。
plans-home-lead-public = 这里是已公开的规划，以及每项指标和任务的进展。
plans-home-import = 导入规划文件
plans-home-due = 到期事项
plans-home-due-none = 没有到期事项
plans-home-due-none-why = 本部门应报的进展都已报送，近期没有到期的任务和节点。
plans-home-check = 待审核
plans-home-check-none = 没有待审核的填报
plans-home-check-none-why = 部门新报送的进展和数值会出现在这里。
plans-home-attention = 需要督办
plans-home-attention-none = 没有逾期、滞后或未填报的事项
plans-home-attention-none-why = 亮灯规则每天计算一次，出现变化会列在这里。
plans-home-readings = 正在审核的文件
plans-home-plans = 生效中的规划
plans-home-all-plans = 全部规划
plans-home-all-tasks = 全部任务
plans-tile-due = 到期事项
plans-tile-returned = 被退回
plans-tile-to-check = 待审核
plans-tile-attention = 需要督办
plans-tile-readings = 待审文件
plans-tile-plans = 生效中的规划

## Due
plans-due-returned = 退回重报
plans-due-report = 报送进展
plans-due-deadline = 完成任务
plans-due-milestone = 完成节点
plans-due-statement = 填报指标数值
plans-due-today = 今天到期
plans-days-left = 还有{ $count }个工作日
plans-days-over = 已超过{ $count }个工作日
plans-provisional = 暂估
plans-provisional-help = 该年度的放假安排尚未公布，按周一至周五暂估，公布后重新计算。
plans-helping = （配合）

## Columns
plans-column-due-what = 事项
plans-column-due-kind = 要求
plans-column-due-day = 期限
plans-column-due-left = 剩余
plans-column-check-what = 任务或指标
plans-column-check-kind = 类型
plans-column-check-value = 填报值
plans-column-check-on = 报送日期
plans-column-task = 任务名称
plans-column-content = 任务内容
plans-column-number = 序号
plans-column-light = 状态灯
plans-column-lights = 状态灯
plans-column-why = 原因
plans-column-since = 起始日
plans-column-plan = 规划
plans-column-progress = 进展
plans-column-known = 已知/全部
plans-column-period = 期限
plans-column-status = 状态
plans-column-issuer = 发文机关
plans-column-version = 版本
plans-column-public = 公开
plans-column-responsible = 责任部门
plans-column-cooperating = 配合部门
plans-column-basis = 参考依据
plans-column-deadline = 完成时限
plans-column-action = 专项行动
plans-column-heading = 所属章节
plans-column-lead = 牵头部门
plans-column-indicator = 指标名称
plans-column-target = 目标值
plans-column-value = 现值
plans-column-unit = 单位
plans-column-share = 完成比例
plans-column-binding = 指标性质
plans-column-owners = 责任单位
plans-column-as-of = 截至日期
plans-column-source = 数据来源
plans-column-stated-by = 填报单位
plans-column-actions = 操作
plans-column-system = 平台或系统

## Plans
plans-none = 还没有规划
plans-none-why = 规划从文件导入，审核并生效后出现在这里。
plans-export-csv = 导出CSV
plans-imported-copy = 存档副本
plans-facts = 基本信息
plans-coverage = （已知{ $coverage }）
plans-progress-unknown = 尚无已审核的进展
plans-no-lights = 没有状态灯
plans-nobody = 无
plans-body-unknown = 未知机构
plans-by-system = 系统作业（{ $job }）

## Boards
plans-board-lead = 生效中的规划及其状态灯；进展按权重汇总，未知的不计为零。
plans-tasks-lead = 全部生效规划的任务。筛选条件保存在网址中，可以直接转发。
plans-list-progress = 所列任务的加权进展：
plans-tasks-none = 没有任务
plans-tasks-none-why = 规划生效后，任务清单出现在这里。
plans-tasks-none-here = 没有符合条件的任务
plans-tasks-none-here-why = 请放宽筛选条件。
plans-filter-all = 全部
plans-filter-more = 更多筛选
plans-filter-word = 关键词
plans-filter-search = 查找
plans-filter-clear = 清除筛选

## Task
plans-deadline-default = （规划末日）
plans-deadline-default-help = 文件没有写明时限，按规划期最后一天计。
plans-owner-default = 文件没有写明责任部门，由规划的牵头管理单位负责。
plans-place = 原文第{ $line }行：
plans-milestones = 节点
plans-fact-weight = 权重
plans-indicator-nth = 对应指标{ $number }
plans-system-nth = 对应系统{ $number }
plans-edit-task = 修改任务
plans-withdraw-task = 撤销本任务（不再督办，历史保留）
plans-save = 保存
plans-task-open = 进行中
plans-task-done = 已完成
plans-task-withdrawn = 已撤销
plans-report = 报送进展
plans-report-help = 督查人员审核后，任务进展和状态灯才会变化。
plans-report-replaces = 上一份报告还没有审核；再次报送将取代它。
plans-report-submit = 提交
plans-report-as-of = 截至{ $date }
plans-report-why-less = 进度下降原因：
plans-reports = 报送记录
plans-reports-none = 还没有报送。
plans-waiting = 待审核的报告
plans-check = 审核通过
plans-return = 退回
plans-return-why = 退回理由
plans-return-help = 填报部门会看到这段话，请写明缺什么、怎么改。
plans-returned-because = 退回理由
plans-field-percent = 完成进度（%）
plans-field-percent-help = 0至100的整数；上次审核为{ $last }%。
plans-field-as-of = 截至日期
plans-field-narrative = 进展情况
plans-field-narrative-help = 写明做了什么、结果如何、下一步安排。
plans-field-milestones = 本次完成的节点
plans-field-milestones-help = 每行一个节点：日期、空格、名称，例如 2026-06-30 完成招标。
plans-field-why-less = 进度下降的原因
plans-field-why-less-help = 只在进度低于上次审核时填写。
plans-field-evidence = 佐证材料
plans-field-evidence-help = 可选多个文件。
plans-field-bodies-help = 机构名称，用顿号分隔，牵头单位在前。
plans-light-history = 状态灯记录
plans-light-history-none = 还没有记录。
plans-explain-progress = 截至{ $date }完成{ $percent }%，按时间进度应达{ $expected }%。
plans-explain-no-report = 还没有审核过的报告；按时间进度今天应达{ $expected }%。
plans-explain-was-late = { $from }至{ $until }期间曾逾期。
plans-explain-late = 自{ $from }起逾期。
plans-explain-rules = 自{ $since }起为此状态；规则：{ $rules }

## Indicators
plans-indicators-lead = 全部生效规划的指标及其现值。
plans-indicators-none = 没有指标
plans-indicators-none-why = 规划生效后，指标出现在这里。
plans-binding-binding = 约束性
plans-binding-expected = 预期性
plans-binding-unstated = 未注明
plans-goal-at_least = 不低于{ $value }
plans-goal-more_than = 超过{ $value }
plans-goal-at_most = 不超过{ $value }
plans-goal-less_than = 低于{ $value }
plans-goal-exactly = { $value }
plans-goal-about = { $value }左右（允许±{ $tolerance }）
plans-goal-about-default = { $value }左右（按默认规则±{ $tolerance }）
plans-goal-range = { $low }至{ $high }
plans-goal-yearly_mean = 年均{ $level }
plans-goal-growth = 比基期增长{ $by }以上
plans-goal-growth-more = 比基期增长超过{ $by }
plans-goal-share-relative = 占比比基期相对提高{ $by }以上
plans-goal-share-relative-more = 占比比基期相对提高超过{ $by }
plans-goal-share-points = 占比比基期提高{ $by }个百分点以上
plans-goal-share-points-more = 占比比基期提高超过{ $by }个百分点
plans-unknown-no_statement = 还没有审核过的数值
plans-unknown-baseline_missing = 缺少基期值，无法计算增长
plans-unknown-baseline_not_positive = 基期值为零或负数，增长率没有意义
plans-unknown-unit_mismatch = 数值的单位与目标不一致
plans-unknown-first_year_not_over = 年均指标要等第一个年度结束
plans-unknown-wrong_kind = 填报的不是所需的类型

## Department and systems
plans-department-lead = 共{ $count }项任务，含牵头和配合。
plans-department-tasks = 本部门任务
plans-department-none = 没有所属部门
plans-department-none-why = 您的账号没有关联机构。请联系系统管理员。

## Reasons that the journal keeps
plans-reason-report = 报送进展：{ $title }
plans-reason-check = 审核通过
plans-reason-return = 退回：{ $why }

## What was just done
done-reported = 进展已报送，等待审核。
done-checked = 已审核通过。
done-returned = 已退回。
done-stated = 数值已填报，等待审核。
done-task-saved = 任务已修改。
