### 登录与密码

sign-in-title = 登录
sign-in-lead = 使用本单位分配的用户名登录。
sign-in-user = 用户名
sign-in-password = 密码
sign-in-submit = 登录
sign-in-demo-title = 演示角色
sign-in-demo-lead = 点选一位虚构人员，立即以其身份进入。
sign-in-demo-button = 以{ $name }的身份进入
sign-in-wrong = 用户名或密码不正确，未能登录。请检查大小写后重试。
sign-in-locked = 多次登录失败，暂时不能登录。请{ $minutes }分钟后再试，或请系统管理员重设密码。
sign-in-inactive = 账号当前不在有效期内，不能登录。请联系系统管理员。
sign-in-busy = 同时登录的人较多，未能完成。请稍后重试。
sign-in-demo_off = 只有演示环境才能点选角色登录。请使用用户名和密码。

password-title = 修改密码
password-lead = 修改后，您在其他设备上的登录会全部退出。
password-must = 当前是初始密码，请先修改，再继续使用。
password-current = 当前密码
password-new = 新密码
password-new-help = 至少{ $min }个字符；建议用几个词连成一句。
password-again = 再输一次新密码
password-submit = 修改密码
password-too_short = 新密码只有{ $length }个字符，太短。请至少用{ $min }个字符。
password-too_long = 新密码太长。请不要超过{ $max }个字符。
password-too_common = 这个密码太常见，容易被猜中。请换一个。
password-same = 新密码与当前密码相同。请换一个。
password-not_repeated = 两次输入的新密码不一致。请重新输入。
password-wrong = 当前密码不正确，未能修改。请重新输入。

done-signed-in = 已登录。
done-signed-out = 已退出。
done-password-changed = 密码已修改，其他设备上的登录已全部退出。
