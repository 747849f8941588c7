// Looks at a page with axe for what shuts people out.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What is serious or worse on the page as it is now: the rule, and the first places where it is broken. Rules that do not
 * fit can be left out.
 */
export async function flaws(page: Page, except: readonly string[] = []): Promise<string[]> {
  // Evaluated from outside of the page, because its content security policy lets no other script in.
  await page.evaluate(source);
  // The guards of menus and dialogs hand the focus on the moment they get it; nobody ever stands on one.
  const results = await page.evaluate<AxeResults>(
    'axe.run({ exclude: ["[data-base-ui-focus-guard]"] }, { resultTypes: ["violations"] })',
  );
  return results.violations
    .filter(({ id, impact }) => !except.includes(id) && (impact === 'serious' || impact === 'critical'))
    .map(({ id, help, nodes }) => {
      const places = nodes
        .slice(0, 5)
        .map((node) => `\n  ${node.html.slice(0, 200)}\n    ${node.failureSummary ?? ''}`);
      return `${id}: ${help}${places.join('')}`;
    });
}
