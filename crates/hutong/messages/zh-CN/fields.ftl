# 记录的类别和项目
kind-organisation = 机构
kind-person = 人员
kind-role_grant = 角色授予
field-id = 编号
field-name = 名称
field-person-name = 姓名
field-name_en = 英文名称
field-aliases = 其他名称
field-class = 类别
field-parent = 上级机构
field-valid_from = 起始日期
field-valid_to = 终止日期
field-predecessors = 前身
field-user_name = 用户名
field-organisation = 所在单位
field-person = 人员
field-role = 角色
