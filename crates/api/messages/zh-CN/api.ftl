# 接口的拒绝。编号即各错误的代码，点写作连字符。
api-not_found = 没有这个资源，或者您无权知道它是否存在。请核对地址。
api-method_not_allowed = 这个资源不接受该方法。响应头 Allow 列出了可用的方法。
api-not_json = 修改类请求必须声明为 JSON。请设置 Content-Type: application/json。
api-malformed = 请求正文不是 JSON：第 { $line } 行第 { $column } 字节处读不下去。
api-wrong_shape = 请求正文与接口说明不符：{ $what }。请对照 /api/v1/openapi.json。
api-too_large = 请求正文过大，最多 { $limit } 字节。
api-parameter = 地址中的参数无法读取：{ $what }。
api-if_match_missing = 修改时必须说明依据的是哪个版本。请把读到的 ETag 原样放进 If-Match。
api-if_match_malformed = If-Match 不是本系统的版本。请把读到的 ETag 原样放进 If-Match，例如 "v3"。
api-idempotency_key = Idempotency-Key 须为 1 至 200 个可见的 ASCII 字符。
api-forged = 这个修改请求来自其他网站的页面，未予执行。
api-fields = 有 { $count } 处内容未被接受，原因见 errors。
api-fault = 系统出了故障，这不是您的问题。请把编号 { $request } 告诉管理员。

# 状态的名称
api-title-400 = 请求无法读取
api-title-401 = 需要登录
api-title-403 = 无权操作
api-title-404 = 没有找到
api-title-405 = 方法不可用
api-title-409 = 与现状冲突
api-title-412 = 版本已变
api-title-413 = 内容过大
api-title-415 = 类型不受支持
api-title-422 = 内容未被接受
api-title-428 = 缺少版本
api-title-429 = 请求过多
api-title-500 = 系统故障
