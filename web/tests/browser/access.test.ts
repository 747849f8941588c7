// Every page and dialog through axe, in light and dark, and in Arabic: nothing that shuts anybody out.

import { expect, test } from 'vitest';
import type { App } from '../harness/app';
import { flaws } from '../harness/axe';
import { stage } from '../harness/stage';

const play = stage();
