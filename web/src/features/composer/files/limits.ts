// How many files go with one message.

import { limits } from '@/protocol.gen';

export const FILES_PER_MESSAGE = limits.filesPerMessage;
