// Tests of components find every text, as somebody does for whom all of the app has been loaded.

import { beforeAll } from 'vitest';
import { restOfText } from '@/lib/text';

beforeAll(() => restOfText());
