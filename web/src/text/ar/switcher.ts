// Texts of `switcher`: the quick switcher.

export default {
  title: 'الانتقال إلى',
  placeholder: 'إلى أين؟ محادثة أو شخص أو أمر',
  unread: 'غير مقروء',
  recent: 'الأخيرة',
  conversations: 'المحادثات',
  people: 'أشخاص',
  commands: 'أوامر',
  nothing: 'لا شيء بهذا الاسم.',
  found_other: '{{count}} نتيجة',
  found_zero: 'لا نتائج',
  found_one: 'نتيجة واحدة',
  found_two: 'نتيجتان',
  found_few: '{{count}} نتائج',
  found_many: '{{count}} نتيجة',
  themeLight: 'مظهر فاتح',
  themeDark: 'مظهر داكن',
  themeSystem: 'مظهر النظام',
  hintMove: 'للاختيار',
  hintOpen: 'للفتح',
  hintClose: 'للإغلاق',
};
