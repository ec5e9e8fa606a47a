### 页面框架与通用组件

product-name = 胡同
product-title = 规划督查与台账
demo-label = 演示环境
demo-banner = 本系统为演示环境，全部数据均为虚构
skip-to-content = 跳到正文
menu = 菜单
menu-label = 菜单
navigation-label = 主导航
tabs-label = 本记录的页面
breadcrumbs-label = 当前位置
leave-warning = 有尚未保存的修改，确定离开?
yes = 是
no = 否

theme-light = 浅色
theme-night = 深色
due-label = 待办
due-title = 等我办理的事项

nav-home = 我的待办
nav-import = 导入与审核
nav-plans = 规划
nav-board = 进展总览
nav-tasks = 任务台账
nav-indicators = 指标
nav-department = 本部门
nav-systems = 平台与系统
nav-organisations = 机构
nav-persons = 人员
nav-journal = 日志
nav-permissions = 权限表
nav-sign-in = 登录
nav-sign-out = 退出
nav-change-password = 修改密码

foot-api = 接口文档
foot-checkpoint = 账本检查点

error-title = 无法完成
error-title-401 = 请先登录
error-title-403 = 没有权限
error-title-404 = 没有找到
error-title-409 = 内容已变化
error-title-413 = 内容过大
error-title-429 = 请稍后再试
error-title-500 = 系统出现故障
error-home = 返回首页
error-code = 代码
error-reference = 参考编号
fault = 系统出现故障，未能完成这次操作，未确认的修改没有保存。故障已记录。请稍后重试；若仍不成功，请把下面的参考编号告诉系统管理员。

light-not_started = 未开始
light-on_track = 正常
light-due_soon = 临期
light-behind_path = 滞后
light-late = 逾期
light-recovered = 逾期后补上
light-not_reported = 未填报
light-unknown = 无法判断

table-sort = 按此列排序
pager-label = 翻页
pager-count = 共{ $count }条
pager-count-about = 约{ $count }条以上
pager-first = 回到首页
pager-next = 下一页

form-problems = 以下内容需要改正
form-optional = （选填）
form-cancel = 取消
form-reason = 修改理由
form-reason-help = 理由连同您的姓名、时间一并记入日志，不能删改。

quiet-source = 来源
quiet-as-of = 截至
quiet-version = 第{ $version }版
quiet-changed-by = 最近修改：{ $name }
quiet-history = 历史版本
quiet-proof = 下载证明

diff-none = 内容没有变化。
diff-old = 原为
diff-new = 改为
diff-nothing = 空

steps-label = 步骤
steps-done = （已完成）

chart-table = 查看数据表
chart-download = 下载数据

role-visitor = 访客
role-plan_supervisor = 督查人员
role-department_officer = 部门填报人员
role-district_leader = 区领导
role-system_administrator = 系统管理员
role-security_administrator = 安全管理员
role-auditor = 审计管理员

scope-none = 无
scope-own = 本人
scope-own_organisation = 本部门
scope-all = 全部

action-view_released_plans = 查看已公开的规划
action-view_plans = 查看全部规划
action-import_document = 导入规划文件
action-review_findings = 审核识别结果
action-adopt_plan = 使规划生效
action-release_plan = 公开规划
action-edit_plan = 修改规划、任务和指标
action-report_progress = 填报进展
action-check_progress = 审核进展
action-record_statement = 填报指标数值
action-check_statement = 审核指标数值
action-keep_systems = 管理平台与系统名录
action-export_tasks = 导出任务台账
action-import_tasks = 导入任务台账
action-view_organisations = 查看机构
action-keep_organisations = 管理机构
action-view_persons = 查看人员
action-keep_persons = 管理人员
action-grant_roles = 授予和收回角色
action-change_password = 修改密码
action-view_journal = 查看日志
action-view_history = 查看历史版本、下载证明
action-view_permissions = 查看权限表
