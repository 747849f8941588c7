// Texts of `contact`.

export default {
  title: 'Contacts',
  contacts: 'Contacts',
  requests: 'Requests',
  incoming: 'Would like to be your contact',
  outgoing: 'You have asked',
  blocked: 'Blocked',
  find: 'Find people',
  findText: 'Look for people on this server by their name or user name.',
  searchPeople: 'Name or user name',
  nobodyText: 'Try another spelling, or only the beginning of the name.',
  found_one: '{{count}} person found',
  found_other: '{{count}} people found',
  noContacts: 'No contacts yet',
  noContactsText: 'Contacts are the people you want close at hand. Find somebody and ask.',
  noRequests: 'No requests',
  noRequestsText: 'Requests from others, and yours that wait for an answer, are here.',
  noBlocked: 'Nobody is blocked',
  noBlockedText: 'You can block somebody from their profile. They are not told.',
  message: 'Message to {{name}}',
  more: 'More about {{name}}',
};
