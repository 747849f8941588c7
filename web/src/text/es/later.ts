// Texts of `later`: times to come, and what one keeps for then.

export default {
  title: 'Más tarde',
  in20: 'En 20 minutos',
  in60: 'En una hora',
  in180: 'En 3 horas',
  today: 'Hoy, {{time}}',
  tomorrow: 'Mañana, {{time}}',
  monday: 'Lunes, {{time}}',
  own: 'Otro momento…',
  when: 'Cuándo',
  past: 'Ese momento ya pasó.',
};
