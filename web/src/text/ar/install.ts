// Texts of `install`: the app as an installed program.

export default {
  update: 'إصدار جديد جاهز.',
  reload: 'إعادة التحميل',
  install: 'تثبيت LaserChat',
  skipToContent: 'تجاوز إلى المحتوى',
  skipToList: 'تجاوز إلى المحادثات',
};
