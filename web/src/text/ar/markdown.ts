// Texts of `markdown`.

export default {
  more: 'عرض المزيد',
  less: 'عرض أقل',
  leadsTo: '(يؤدي إلى {{host}})',
  quote: 'رد على',
  taskDone: 'منجز',
  taskOpen: 'غير منجز',
  code: 'شيفرة',
  codeIn: 'شيفرة بلغة {{language}}',
  table: 'جدول',
  copyFailed: 'لم يسمح المتصفح بالنسخ.',
};
