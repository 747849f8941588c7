// Texts of `contact`.

export default {
  title: 'Contactos',
  contacts: 'Contactos',
  requests: 'Solicitudes',
  incoming: 'Quieren ser tu contacto',
  outgoing: 'Solicitudes enviadas',
  blocked: 'Bloqueados',
  find: 'Buscar personas',
  findText: 'Busca personas en este servidor por nombre o usuario.',
  searchPeople: 'Nombre o usuario',
  nobodyText: 'Prueba otra forma de escribirlo o solo el principio del nombre.',
  found_one: '{{count}} persona encontrada',
  found_other: '{{count}} personas encontradas',
  noContacts: 'Aún no hay contactos',
  noContactsText: 'Los contactos son las personas que quieres tener a mano. Busca a alguien y envíale una solicitud.',
  noRequests: 'Sin solicitudes',
  noRequestsText: 'Aquí verás las solicitudes de otros y las tuyas pendientes de respuesta.',
  noBlocked: 'Nadie bloqueado',
  noBlockedText: 'Puedes bloquear a alguien desde su perfil. No se le avisa.',
  message: 'Mensaje para {{name}}',
  more: 'Más sobre {{name}}',
};
