// All texts of this language by noun. The client loads them in two parts.

import first from './first';
import rest from './rest';

export default { ...first, ...rest };
