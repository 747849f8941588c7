// Texts of `preview`: what a link leads to.

export default {
  remove: 'Quitar las vistas previas',
  previews: 'Vistas previas de enlaces',
};
