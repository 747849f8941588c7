// Texts of `preview`: what a link leads to.

export default {
  remove: 'Remove previews',
  previews: 'Link previews',
};
