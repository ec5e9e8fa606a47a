# 接口登录
session-first_password = 首次密码须先修改。请在网页上登录并修改密码，再使用接口。
