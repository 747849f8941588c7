// Texts of `connection`: the line that says how the connection is.

export default {
  connecting: 'جارٍ الاتصال…',
  syncing: 'جارٍ جلب الجديد…',
  offline: 'أنت غير متصل. ما ترسله سيخرج عند عودة الاتصال.',
  unreachable: 'تعذّر الوصول إلى الخادم. ما ترسله سيخرج لاحقًا.',
  retryIn: 'المحاولة التالية {{when}}.',
  tryNow: 'حاول الآن',
};
