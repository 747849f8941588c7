// Texts of `install`: the app as an installed program.

export default {
  update: 'إصدار جديد جاهز.',
  reload: 'إعادة التحميل',
  later: 'لاحقًا',
  install: 'تثبيت LaserChat',
  installHint: 'يفتح في نافذة خاصة به ويعمل دون اتصال.',
  skipToContent: 'تجاوز إلى المحتوى',
  skipToList: 'تجاوز إلى المحادثات',
  notifyMany_other: '{{count}} رسالة جديدة',
  notifyMany_zero: 'لا رسائل جديدة',
  notifyMany_one: 'رسالة جديدة',
  notifyMany_two: 'رسالتان جديدتان',
  notifyMany_few: '{{count}} رسائل جديدة',
  notifyMany_many: '{{count}} رسالة جديدة',
};
