// Texts of `thread`.

export default {
  title: 'Hilo',
  replies_one: '{{count}} respuesta',
  replies_many: '{{count}} respuestas',
  replies_other: '{{count}} respuestas',
  last: 'última {{time}}',
  follow: 'Seguir este hilo',
  unfollow: 'Dejar de seguir este hilo',
  gone: 'Este hilo no está aquí',
  composer: 'Responder',
  back: 'A la conversación',
};
