// Texts of `contact`.

export default {
  title: 'Kontakte',
  contacts: 'Kontakte',
  requests: 'Anfragen',
  incoming: 'Möchten mit dir in Kontakt sein',
  outgoing: 'Von dir angefragt',
  blocked: 'Blockiert',
  find: 'Personen finden',
  findText: 'Suche Personen auf diesem Server nach Name oder Benutzername.',
  searchPeople: 'Name oder Benutzername',
  nobodyText: 'Versuche eine andere Schreibweise oder nur den Anfang des Namens.',
  found_one: '{{count}} Person gefunden',
  found_other: '{{count}} Personen gefunden',
  noContacts: 'Noch keine Kontakte',
  noContactsText: 'Kontakte sind Menschen, die du griffbereit haben willst. Finde jemanden und frage an.',
  noRequests: 'Keine Anfragen',
  noRequestsText: 'Hier stehen Anfragen von anderen und deine, die auf Antwort warten.',
  noBlocked: 'Niemand ist blockiert',
  noBlockedText: 'Blockieren kannst du über das Profil einer Person. Sie erfährt davon nichts.',
  message: 'Nachricht an {{name}}',
  more: 'Mehr zu {{name}}',
};
