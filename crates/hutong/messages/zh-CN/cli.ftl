# 命令行及其帮助。
cli-failure-config = 配置有误:
    { $detail }
cli-failure-refused = { $sentence } [{ $code }]
cli-failure-held = 数据目录 { $dir } 正被另一个进程使用。请先停止该进程,或用 --data-dir 指定其他目录。
cli-failure-fault = 操作未完成:{ $detail }
cli-config-good = 配置无误,共检查 { $count } 项设置。
cli-serving = 正在提供 { $dir } 的服务,地址 { $url }
cli-serving-demo = 全部数据均为虚构。在登录页选择一个角色,单击即可进入。按 Ctrl-C 停止。
cli-serving-empty = 目前无人可以登录。请停止服务,用 hutong user add 登记首批管理员。

help = 读入规划文件,生成可核验的任务台账
help-after = 示例:
    {"  "}hutong demo                             打开虚构的演示区
    {"  "}hutong plan extract plan.docx           在终端查看文件中的目标和任务
    {"  "}hutong user add li.lei --name 李雷 --role system_administrator
    {"  "}hutong serve --data-dir /var/lib/hutong

    退出码:
    {"  "}0 完成   1 故障(由运维处理)   2 命令写法有误   3 配置有误
    {"  "}4 未予办理(可自行改正)   5 检查发现问题   6 数据目录正被另一个进程使用
help--config = 配置文件(TOML);未指定时取环境变量 HUTONG_CONFIG,再取当前目录的 hutong.toml
help--lang = 回答所用的语言
help--data-dir = 存放数据库、文件和账本的目录
help--settings = 任一设置项,例如 --set log.format=json(见 hutong config show);可重复
help--listen = 监听的地址和端口;端口为 0 时自动选取
help--json = 以 JSON 输出
help--out = 写入该文件,不输出到终端
help--generate = 生成口令,只显示一次
help-serve = 提供本区的页面和接口,直至收到停止信号(SIGTERM 或 Ctrl-C)
help-demo = 提供虚构的演示区,首次启动时自动填充
help-demo-after = 未指定 --data-dir 时,数据存放在 hutong-demo。演示区的机构和人员均为虚构,日期按首次启动当天推算。
    无需口令:选择一个角色,单击即可登录。

    示例:
    {"  "}hutong demo
    {"  "}hutong demo --listen 127.0.0.1:9000 --data-dir /tmp/look
    {"  "}hutong demo --fill-only --data-dir /tmp/look
help-demo--fill-only = 只填充数据目录,不启动服务
help-demo--as-if = 以该日代替今天推算演示区(YYYY-MM-DD)
help-plan = 读取规划文件
help-plan-extract = 输出规划文件中的要素:题头、大纲、目标、任务、责任单位、系统
help-plan-extract-after = 可读 txt、Markdown、HTML、DOCX、XLSX 任务清单和含文字的 PDF,编码为 UTF-8 或 GB18030。不保存任何内容。
    JSON 的各项含义见 docs/extract.md。

    示例:
    {"  "}hutong plan extract plan.pdf
    {"  "}hutong plan extract plan.docx --format json --out plan.json
help-plan-extract--file = 规划文件
help-plan-extract--format = 输出形式
help-ledger = 出具和核验日志账本的证明
help-ledger-vkey = 输出核验账本签名所用的公钥
help-ledger-prove = 输出某条日志已入账的证明
help-ledger-prove-after = 示例:
    {"  "}hutong ledger prove 42 --out entry-42.tlog-proof
help-ledger-prove--seq = 日志条目的序号,从 1 起
help-ledger-verify = 离线核验证明文件,只需该文件和公钥
help-ledger-verify-after = 公钥须经另一途径取得,例如区政府发布的公告。

    示例:
    {"  "}hutong ledger verify entry-42.tlog-proof --vkey 'hutong.invalid/huaian+1a2b3c4d+AbC…'
help-ledger-verify--file = 证明文件
help-ledger-verify--vkey = hutong ledger vkey 输出的公钥
help-ledger-audit = 由日志重新计算整个账本并比对
help-ledger-status = 输出账本的大小、头部和时间
help-user = 登记首批人员和角色;服务运行时只能列出
help-user-add = 登记可以登录的人员
help-user-add-after = 口令从标准输入读取;使用 --generate 时自动生成并只显示一次。

    示例:
    {"  "}hutong user add wang.min --name 王敏 --role security_administrator --generate
help-user-add--user-name = 登录名:小写字母、数字、点、连字符、下划线
help-user-add--name = 姓名
help-user-add--organisation = 所在单位的名称
help-user-add--roles = 角色;可重复
help-user-list = 列出人员及其角色
help-user-password = 设置人员的口令
help-user-password--user-name = 登录名
help-user-grant = 授予角色
help-user-grant--user-name = 登录名
help-user-grant--role = 角色,例如 plan_supervisor
help-user-grant--reason = 理由,记入日志
help-user-revoke = 收回角色,自今日起生效
help-user-revoke--user-name = 登录名
help-user-revoke--role = 角色,例如 plan_supervisor
help-user-revoke--reason = 理由,记入日志
help-backup = 将数据目录备份到新目录,服务运行时也可进行
help-backup-after = 备份内容一致:数据库取自同一时刻,含其引用的全部文件;账本不超过该时刻,不足部分在下次启动时补齐。
    备份含账本私钥,请妥善保管。DIR 须不存在或为空。

    示例:
    {"  "}hutong backup /backup/2026-11-23
help-backup--dir = 新目录
help-restore = 由备份恢复数据目录
help-restore-after = 按备份清单核对每个文件,再核对数据库,最后将账本与日志比对。数据目录须不存在或为空。

    示例:
    {"  "}hutong restore /backup/2026-11-23 --data-dir /var/lib/hutong
help-restore--dir = 备份目录
help-doctor = 检查本系统的问题,并说明如何处理
help-config = 检查和显示配置
help-config-check = 检查配置并指出错误
help-config-schema = 输出配置文件的 JSON schema
help-config-show = 输出每项设置的值及其来源
help-completion = 输出命令补全脚本
help-completion-after = 示例:
    {"  "}hutong completion bash > /etc/bash_completion.d/hutong
    {"  "}hutong completion zsh > ~/.zsh/_hutong
    {"  "}hutong completion fish > ~/.config/fish/completions/hutong.fish
help-completion--shell = 命令行外壳

setting-language = 命令行的语言;访客浏览器未指明语言时,页面也用此语言。
setting-district-name-zh = 本区中文全称。
setting-district-name-en = 本区英文名称。
setting-district-time-zone = 本区时区,一日的起止以此为准,与机器设置无关。
setting-server-listen = 服务监听的地址和端口;端口为 0 时自动选取。
setting-server-request-seconds-max = 请求超过此秒数仍未答复时放弃。
setting-server-drain-seconds-max = 停止服务时,等待正在办理的请求结束的秒数。
setting-server-form-bytes-max = 上传以外的请求内容上限,单位为字节。
setting-data-dir = 存放数据库、文件和账本数据的目录。
setting-ledger-origin = 账本在检查点中的名称:自有域名加路径,启用后不得更改。
setting-ledger-lock-dir = 存放账本头部的目录,最好与 data.dir 不在同一设备;未设置时为 data.dir 中的 ledger-lock。
setting-ledger-key-file = 账本私钥文件;未设置时为 ledger.lock_dir 中的 signing.key。
setting-uploads-document-bytes-max = 规划文件上限,单位为字节。
setting-uploads-evidence-bytes-max = 佐证材料上限,单位为字节。
setting-sessions-idle-minutes-max = 无操作超过此分钟数后须重新登录。
setting-sessions-hours-max = 登录超过此小时数后须重新登录。
setting-sessions-secure-cookies = 仅通过 https 发送 cookie;位于 https 代理之后时设为 true。
setting-log-format = 标准错误输出中日志行的形式。
setting-log-level = 记录的最低日志级别。

cli-proof-good = 证明成立:账本 { $origin } 的第 { $seq } 条,账本共 { $size } 条,头部签名有效。
cli-proof-bad = 证明不成立:{ $sentence } [{ $code }]
cli-proof-entry = { $kind } { $id } 第 { $version } 版,{ $at },理由:{ $reason }
cli-proof-erased = 该条内容已依法删除,只能证明其位置。
cli-audit-clean = 账本 { $origin } 与日志一致:日志 { $entries } 条,已入账 { $sequenced } 条,比对 { $tiles } 个文件。
cli-audit-found = 账本 { $origin } 发现 { $findings } 处问题:日志 { $entries } 条,已入账 { $sequenced } 条,比对 { $tiles } 个文件。
cli-user-reason = 在命令行登记
cli-user-added = 已登记 { $user_name }。
cli-user-password = 初始密码(只显示一次):{ $password }
cli-user-type-password = 请输入初始密码,按回车键结束:
cli-user-granted = 已授予 { $user_name }:{ $role }。
cli-user-revoked = 已收回 { $user_name } 的角色:{ $role }。
cli-backup-done = 已备份到 { $dir },包含日志第 { $head } 条及以前的全部内容。
cli-restore-done = 已恢复到 { $dir },包含日志第 { $head } 条及以前的全部内容,数据库和账本核对无误。
cli-restore-found = 已恢复,但核对发现 { $findings } 处问题,请勿投入使用。
cli-progress-audit = 核对账本
cli-progress-backup = 备份
cli-progress-restore = 恢复
cli-progress-check = 核对数据库
extract-title = 标题
extract-issuer = 发布单位
extract-date = 日期
extract-number = 文号
extract-deliberation = 审议
extract-period = 执行期
extract-outline = 大纲({ $count })
extract-targets = 目标({ $count })
extract-achievements = 已有成效({ $count })
extract-tasks = 任务清单({ $count })
extract-prose-tasks = 正文中的任务({ $count })
extract-systems = 平台和系统({ $count })
extract-status-existing = 已有
extract-status-build = 新建
extract-status-upgrade = 升级
extract-status-use = 使用
extract-line = 第 { $line } 行
extract-open = (有歧义,待定)
extract-responsible = ;责任:{ $names }
extract-cooperating = ;配合:{ $names }
doctor-level-good = 正常
doctor-level-advice = 建议
doctor-level-warning = 警告
doctor-level-error = 错误
doctor-config-good = 配置无误。
doctor-clock-good = 本区时间 { $now }({ $zone })。
doctor-clock-error = 机器时间有误:本区时间显示为 { $now }({ $zone })。请校准机器时间后再启动服务。
doctor-calendar-good = 工作日历已公布至 { $last } 年。
doctor-calendar-advice = 工作日历只公布到 { $last } 年,明年的工作日按周一至周五暂定。公布后请升级本程序。
doctor-calendar-warning = 工作日历只公布到 { $last } 年,今年({ $year } 年)的工作日按周一至周五暂定。请升级本程序。
doctor-directory-good = 数据目录 { $dir } 的权限为 { $mode }。
doctor-directory-advice = 数据目录 { $dir } 不存在,首次启动时自动建立。
doctor-directory-warning = 数据目录 { $dir } 的权限为 { $mode },其他用户可以进入。请执行 chmod 700。
doctor-space-good = 剩余空间 { $free }。
doctor-space-warning = 剩余空间只有 { $free }。请清理或扩容,空间用尽后不能保存变更。
doctor-empty-advice = 目录 { $dir } 中尚无数据。
doctor-key-good = 账本私钥 { $file } 的权限为 { $mode }。
doctor-key-error = 账本私钥 { $file } 的权限为 { $mode },其他用户可以读取。请执行 chmod 600,并视情况更换密钥。
doctor-held-good = 服务正在使用 { $dir },数据库和账本在服务运行时一并核对。
doctor-store-good = 数据库核对无误。
doctor-store-error = 数据库共发现 { $count } 处问题,以上仅列出一部分。
doctor-demo-advice = 数据为虚构的演示数据,不得用于实际工作。
doctor-ledger-advice = 尚无账本,服务首次启动时建立。
doctor-journal-good = 日志共 { $head } 条。
cli-ledger-status = 账本 { $origin }
    条数 { $size }
    根值 { $root }
    写入时间 { $written }
    公钥 { $vkey }
cli-progress-demo = 填充演示区
cli-demo-filled = 演示区已填充到 { $dir }。
