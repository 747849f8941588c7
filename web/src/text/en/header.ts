// Texts of `header`: the line above a conversation.

export default {
  details: 'Details',
  pins: 'Pinned',
  memberCount_one: '{{count}} member',
  memberCount_other: '{{count}} members',
  archived: 'Archived',
  search: 'Search in this conversation',
  expires: 'Messages are erased after {{span}}',
};
