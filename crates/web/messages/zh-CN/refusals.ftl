### 请求被拒绝的原因:门户、权限、数量

http-not_found = 没有这个页面或记录，也可能是您无权知道它是否存在。请检查地址，或从首页重新进入。
http-method_not_allowed = 这个地址不接受这种请求。请从页面上的按钮操作。
http-too_large = 提交的内容超过允许的大小，没有保存。请拆分或压缩后再提交。
http-unsupported_media_type = 提交的内容格式无法读取。请从页面上的表单提交。
http-bad_request = 提交的内容不完整或格式不对，没有保存。请返回检查后再提交。
http-timeout = 请求时间过长，已停止。请稍后重试。
http-too_many = 请求过于频繁。请稍后再试。
http-forged_request = 这次修改来自其他网站的页面，已拒绝，没有保存任何内容。请从本系统的页面操作。

access-sign_in = 查看或办理此事需要登录：{ $action }。请先登录。
access-denied = 您的角色不能办理此事：{ $action }。如确有需要，请联系安全管理员。

quantity-unit_mismatch = 单位不一致：应为“{ $expected }”，填的是“{ $given }”。请改用可换算的单位。
