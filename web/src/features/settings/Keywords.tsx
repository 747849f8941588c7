// Words that count as a mention: those there are, each with a way to remove it, and a line for another.

import { X } from 'lucide-react';
import { useState } from 'react';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import { Button, Field } from '@/ui';
import { Form } from '@/ui/Form';
import { Actions, Notice } from '@/ui/Section';
import styles from './Notifications.module.css';

interface KeywordsProps {
  words: readonly string[];
  onChange: (words: string[]) => Promise<void>;
}

export function Keywords({ words, onChange }: KeywordsProps) {
  const t = useText();
  const task = useTask();
  const [text, setText] = useState('');
  const added = text.trim();
  const known = words.some((word) => word.toLowerCase() === added.toLowerCase());

  const add = async () => {
    if (!added) return;
    if (known || (await task.run(() => onChange([...words, added])))) setText('');
  };

  return (
    <>
      {words.length > 0 && (
        <ul className={styles.chips} aria-label={t('notify.keywords')}>
          {words.map((word) => (
            <li key={word} className={styles.chip}>
              <bdi>{word}</bdi>
              <button
                type="button"
                className={styles.drop}
                aria-label={t('notify.removeWord', { word })}
                title={t('notify.removeWord', { word })}
                onClick={() => void task.run(() => onChange(words.filter((other) => other !== word)))}
              >
                <X size="0.9em" aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Form onSubmit={() => void add()}>
        <Field
          label={t('notify.keyword')}
          value={text}
          maxLength={50}
          dir="auto"
          autoComplete="off"
          error={task.errorOf('keywords')}
          onChange={(event) => {
            setText(event.target.value);
            task.clear();
          }}
        />
        {task.errorBeside('keywords') && <Notice kind="problem">{task.errorBeside('keywords')}</Notice>}
        <Actions>
          <Button type="submit" busy={task.busy} disabled={!added}>
            {t('notify.add')}
          </Button>
        </Actions>
      </Form>
    </>
  );
}
