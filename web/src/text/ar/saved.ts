// Texts of `saved`: messages that one wants to find again.

export default {
  title: 'المحفوظة',
  nothing: 'لا شيء محفوظ بعد',
  nothingText: 'اختر «حفظ لوقت لاحق» من قائمة أي رسالة لتجدها هنا. لا يرى ذلك أحد سواك.',
  gone: 'لم يعد بإمكانك رؤية هذه الرسالة.',
  remove: 'إزالة من المحفوظة',
  done: 'حُفظت. لا يرى ذلك أحد سواك.',
  removed: 'لم تعد محفوظة',
};
