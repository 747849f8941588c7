// Texts of `preview`: what a link leads to.

export default {
  remove: 'Vorschau entfernen',
  previews: 'Linkvorschau',
};
