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
help-user = 在服务停止时登记首批人员和角色
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
help-backup-after = 备份内容一致:数据库、文件和账本取自同一时刻。DIR 须不存在或为空。

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
setting-ledger-key-file = 账本私钥文件;未设置时为 data.dir 中的 ledger-key/signing.key。
setting-uploads-document-bytes-max = 规划文件上限,单位为字节。
setting-uploads-evidence-bytes-max = 佐证材料上限,单位为字节。
setting-sessions-idle-minutes-max = 无操作超过此分钟数后须重新登录。
setting-sessions-hours-max = 登录超过此小时数后须重新登录。
setting-sessions-secure-cookies = 仅通过 https 发送 cookie;位于 https 代理之后时设为 true。
setting-log-format = 标准错误输出中日志行的形式。
setting-log-level = 记录的最低日志级别。
