// Texts of `emojis`: custom emoji.

export default {
  title: 'الرموز التعبيرية',
  text: 'صور خاصة يمكن لكل من على هذا الخادم استخدامها بصيغة :الاسم: في الرسائل وكتفاعل.',
  custom: 'من هذا الخادم',
  name: 'الاسم',
  nameHint: 'حروف لاتينية صغيرة وأرقام و - و _ دون نقطتين.',
  picture: 'الصورة',
  pictureHint: 'مربعة وصغيرة: PNG أو GIF أو WebP أو JPEG.',
  add: 'إضافة رمز',
  added: 'يمكن استخدام :{{name}}: الآن',
  removeTitle: 'إزالة :{{name}}:؟',
  removeText: 'سيظهر اسمه حيثما استُخدم.',
  removed: 'أُزيل :{{name}}:',
  none: 'لا توجد رموز خاصة بهذا الخادم بعد.',
  taken: 'هذا الاسم مستخدم لرمز مألوف.',
  who: 'من يمكنه إضافة الرموز',
  admins: 'المشرفون',
  everybody: 'الجميع',
};
