// Texts of `preview`: what a link leads to.

export default {
  remove: 'إزالة المعاينات',
  previews: 'معاينات الروابط',
};
