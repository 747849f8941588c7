// The design system, by one name. What is heavy and not needed at first (Dialog, Menu, Popover, Choice) is imported from
// its own file, so that it lands in the chunk of whoever uses it.

export { Avatar, initials } from './Avatar';
export { Badge } from './Badge';
export { Button, IconButton } from './Button';
export { complain } from './attempt';
export { confirm } from './confirm';
export { Empty } from './Empty';
export { Field, TextArea } from './Field';
export { Hidden, Live } from './Hidden';
export { Loading, Spinner } from './Spinner';
export { toast } from './toast';
