# 账本及其证明。标识为错误代码，"." 换作 "-"。

## 拒绝
ledger-no_such_entry = 日志中没有第 { $seq } 条。
ledger-no_such_record = 日志中没有种类为 { $kind } 的记录 { $record }。
ledger-not_sequenced = 第 { $seq } 条尚未入账，账本现有 { $size } 条。请稍等一秒再试。
ledger-not_started = { $path } 处没有账本。服务首次启动时建立。
ledger-copy_target_in_use = { $path } 已存在。账本只能复制到空处。
ledger-bad_origin = “{ $origin }”不能作为账本名称：不得含空格和加号，最长 256 字节。

## 可能自行恢复的故障
ledger-io = 无法{ $operation ->
        [create] 新建
        [inspect] 查看
        [list] 列出
        [lock] 锁定
        [make] 建立
        [open] 打开
        [read] 读取
        [remove] 删除
        [rename] 改名为
        [sync] 落盘
        [write] 写入
       *[other] 操作
    } { $path }：{ $reason }。
ledger-journal-unreadable = 无法读取日志：{ $reason }。
ledger-already_running = 另有进程正在写入本账本（占用 { $path }）。同一时间只允许一个。
ledger-no_randomness = 系统未能为新密钥提供随机数：{ $reason }。

## 不变量被破坏：账本停止增长，等待人工查明
ledger-lock-missing = { $path } 缺失，而账本此前已经启用。请用最新的副本恢复，切勿使用旧副本。
ledger-lock-malformed = { $path } 的内容不是账本的头。请用最新的副本恢复。
ledger-lock-moved = 锁被他人改动：记录为 { $found } 条，应为 { $expected } 条。查明何人写入之后再启动。
ledger-lock-other_origin = 锁属于 { $found }，配置的名称是 { $expected }。账本名称不可更改。
ledger-lock-behind_tiles = 瓦片已到 { $extent } 条，锁只记录到 { $size } 条。锁被回退，请用最新的副本恢复。
ledger-lock-behind_checkpoint = 已公布 { $published } 条的检查点，锁只记录到 { $size } 条。锁被回退，请用最新的副本恢复。
ledger-key-missing = 签名密钥 { $path } 缺失，而账本已有 { $size } 条。请从备份恢复；换用新密钥就是另一本账。
ledger-key-malformed = { $path } 的内容不是密钥。
ledger-key-other_origin = 密钥属于 { $found }，配置的名称是 { $expected }。
ledger-key-exposed = { $path } 可被所有者以外的人读取（权限 { $mode }）。请查明何人可能复制过，然后把权限改为 600。
ledger-key-vkey_differs = { $path } 与签名密钥不成对，其中之一被调换。
ledger-journal-short = 日志止于第 { $head } 条，账本已有 { $size } 条。数据库被回退，请恢复较新的副本。
ledger-journal-gap = 日志应给出第 { $expected } 条，却给出第 { $found } 条。
ledger-journal-differs = 日志第 { $seq } 条与账本所记不符，入账之后被改动。
ledger-tiles-behind_lock = 瓦片不足锁所记录的 { $size } 条：缺少 { $path }。请从副本或镜像恢复瓦片。
ledger-tiles-malformed = { $path } 已损坏。请从副本或镜像恢复。
ledger-tiles-differ = 瓦片算不出 { $size } 条所记录的根。请运行审计，并从副本或镜像恢复瓦片。
ledger-tiles-conflict = { $path } 已存在而内容不同。瓦片从不改动，可见文件或日志被改动。
ledger-checkpoint-shrunk = 已公布的检查点退回到 { $published } 条，锁记录为 { $size } 条。有人放回了旧文件。
ledger-checkpoint-foreign = 已公布的检查点不是本账本所签：{ $reason }。
ledger-checkpoint-forked = 已公布的 { $published } 条检查点与账本不属于同一部历史。两者都请保留：合在一起就是证据。
ledger-proof_broken = 第 { $seq } 条的证明不成立：该条或账本被改动。请运行审计。

## 核验证明文件
ledger-verify-no_entry = 文件未附所证明的条目，或其格式为本版本所不识。
ledger-verify-not_an_entry = 文字确在账本之中，但不是本版本能读的日志条目。
ledger-verify-too_many_proofs = 文件所含证明超过 { $limit } 份。
ledger-verify-broken_order = 文件中第 { $place } 份证明不是该记录的第 { $expected } 版：有缺漏或次序不对。
ledger-verify-broken_chain = 第 { $version } 版与前一版不相衔接。

## 审计
ledger-audit-journal_gap = 日志缺第 { $expected } 条。
ledger-audit-journal_short = 日志止于第 { $head } 条，检查点涵盖 { $size } 条。
ledger-audit-commitment_differs = 第 { $seq } 条的文字与当初承诺的不符。
ledger-audit-entry_unreadable = 第 { $seq } 条的文字无法读取。
ledger-audit-chain_broken = 第 { $seq } 条（{ $kind } { $record } 的第 { $version } 版）与前一版不相衔接。
ledger-audit-leaf_differs = 第 { $seq } 条在账本中的承诺与日志不同。
ledger-audit-tile_missing = 缺少 { $path }。
ledger-audit-tile_differs = { $path } 与条目算出的结果不符。
ledger-audit-root_differs = { $size } 条算出的根与所签的根不同。
ledger-audit-checkpoint_foreign = 已公布的检查点不是此密钥所签：{ $reason }。
ledger-audit-lock_disagrees = 锁记录为 { $recorded } 条，与已公布的 { $size } 条检查点不相符。
ledger-audit-earlier_foreign = 先前的检查点不是此密钥所签：{ $reason }。
ledger-audit-history_rewritten = 现有 { $size } 条的账本不是您所保存的 { $earlier } 条检查点的延续：历史被改写。

## 体检
ledger-check-lock = 锁可读，且属于本账本
ledger-check-key = 签名密钥存在，且只有所有者可读
ledger-check-tiles = 瓦片算得出所记录的根
ledger-check-checkpoint = 已公布的检查点签名有效，且延续同一部历史
ledger-check-journal = 日志不短于账本
ledger-check-same_device = 瓦片与锁在同一设备上。请把锁放到另一设备，以免二者同时被回退。

## 透明日志的格式
tlog-merkle-index_outside = 条目的位置超出账本。
tlog-merkle-shrunk = 账本变短了。
tlog-merkle-wrong_length = 证明所含的散列过多或过少。
tlog-merkle-root_differs = 证明算不出所签的根：条目、位置或证明被改动。
tlog-tile-bad_path = 这不是瓦片的路径。
tlog-tile-wrong_length = 瓦片长度不对。
tlog-tile-bad_bundle = 条目包已损坏。
tlog-tile-entry_too_long = 条目过长，无法入账。
tlog-tree-tile_missing = 缺少瓦片。
tlog-tree-tile_unreadable = 瓦片无法读取。
tlog-tree-tile_malformed = 瓦片已损坏。
tlog-tree-outside = 条目超出账本。
tlog-tree-entry_too_long = 条目过长，无法入账。
tlog-key-bad_name = 密钥名称为空、过长，或含空格、加号。
tlog-key-bad_form = 这不是“名称+标识+base64”形式的密钥。
tlog-key-other_algorithm = 这不是 Ed25519 密钥。
tlog-key-wrong_id = 密钥标识与其名称和内容不符。
tlog-key-bad_material = 这不是有效的 Ed25519 密钥。
tlog-note-too_large = 签名文本超过可读取的大小。
tlog-note-bad_form = 这不是签名文本。
tlog-note-bad_signature_line = 签名行格式不对。
tlog-note-wrong_signature = 签名不对：检查点被改动或伪造。
tlog-note-not_signed = 检查点不是此密钥所签。
tlog-checkpoint-too_large = 检查点超过可读取的大小。
tlog-checkpoint-bad_form = 这不是检查点。
tlog-checkpoint-bad_size = 检查点中的条数不是规范的数字。
tlog-checkpoint-bad_root = 检查点中的根不是散列。
tlog-checkpoint-other_origin = 检查点与密钥不属于同一账本。
tlog-proof-too_large = 证明文件超过可读取的大小。
tlog-proof-bad_header = 这不是证明文件：首行不是 c2sp.org/tlog-proof@v1。
tlog-proof-bad_line = 证明文件中有一行格式不对。
