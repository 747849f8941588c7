// Texts of `reminder`: what one wants to be told of at a time.

export default {
  title: 'التذكيرات',
  remind: 'ذكّرني…',
  choose: 'متى تريد أن تُذكَّر؟',
  note: 'ملاحظة لنفسك (اختياري)',
  set: 'ذكّرني',
  done: 'سنذكّرك {{when}}',
  about: 'بماذا؟',
  new: 'تذكير جديد',
  due: 'حان وقته',
  dueNotice: 'تذكير: {{text}}',
  dueMessage: 'تذكير برسالة',
  show: 'عرض',
  complete: 'تم',
  putOff: 'ذكّرني لاحقًا',
  nothing: 'لا توجد تذكيرات',
  nothingText: 'اختر «ذكّرني» من قائمة أي رسالة، أو أنشئ تذكيرًا خاصًا بك.',
  aMessage: 'رسالة',
};
