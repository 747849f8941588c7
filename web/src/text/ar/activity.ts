// Texts of `activity`: what one was notified of.

export default {
  title: 'النشاط',
  mention: 'أشار إليك',
  reply: 'ردّ',
  keyword: 'استخدم إحدى كلماتك المفتاحية',
  direct: 'كتب إليك',
  message: 'كتب',
  unread: 'لم يُقرأ بعد',
  nothing: 'لا شيء بعد',
  nothingText: 'ستظهر هنا الإشارات والردود والرسائل المباشرة التي أُشعرت بها.',
};
