// Texts of `header`: the line above a conversation.

export default {
  details: 'Detalles',
  pins: 'Fijados',
  memberCount_one: '{{count}} miembro',
  memberCount_other: '{{count}} miembros',
  archived: 'Archivado',
  search: 'Buscar en esta conversación',
  expires: 'Los mensajes se borran después de {{span}}',
};
