// Texts of `later`: times to come, and what one keeps for then.

export default {
  title: 'لاحقًا',
  in20: 'بعد 20 دقيقة',
  in60: 'بعد ساعة',
  in180: 'بعد 3 ساعات',
  today: 'اليوم، {{time}}',
  tomorrow: 'غدًا، {{time}}',
  monday: 'الاثنين، {{time}}',
  own: 'وقت آخر…',
  when: 'متى',
  past: 'لقد مضى هذا الوقت.',
};
