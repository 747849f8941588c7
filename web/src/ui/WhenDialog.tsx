// Asks for a time to come: some that are often meant, or any other.

import { useState, type ReactNode } from 'react';
import { momentValues, wallTime, type Moment } from '@/lib/moments';
import { useTask } from '@/lib/task';
import { useText } from '@/lib/text';
import { full } from '@/lib/time';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { Field } from './Field';
import { Form } from './Form';
import { Actions, Notice } from './Section';
import styles from './WhenDialog.module.css';

export interface WhenDialogProps {
  title: string;
  moments: readonly Moment[];
  /** What the button for a time of one's own says. */
  action: string;
  /** The time that the field begins with; an hour from now otherwise. */
  first?: Date;
  /** Fields above the times. */
  children?: ReactNode;
  /** Rejects with why not; the dialog then stays. */
  onChoose: (date: Date) => Promise<unknown>;
  onClose: () => void;
}

function isPast(date: Date): boolean {
  return date.getTime() <= Date.now();
}

export function WhenDialog({ title, moments, action, first, children, onChoose, onClose }: WhenDialogProps) {
  const t = useText();
  const task = useTask();
  const [own, setOwn] = useState(() => wallTime(first ?? new Date(Date.now() + 3_600_000)));
  const [past, setPast] = useState(false);

  const choose = async (date: Date) => {
    setPast(false);
    if (isPast(date)) setPast(true);
    else if (await task.run(() => onChoose(date))) onClose();
  };
  const date = new Date(own);
  const valid = !Number.isNaN(date.getTime());

  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles.body}>
        {children}
        {moments.length > 0 && (
          <ul className={styles.moments}>
            {moments.map((moment) => (
              <li key={moment.key}>
                <button
                  type="button"
                  className={styles.moment}
                  disabled={task.busy}
                  title={full(moment.date.getTime())}
                  onClick={() => void choose(moment.date)}
                >
                  {t(moment.label, momentValues(moment))}
                </button>
              </li>
            ))}
          </ul>
        )}
        <Form onSubmit={() => valid && void choose(date)}>
          <Field
            type="datetime-local"
            label={moments.length > 0 ? t('later.own') : t('later.when')}
            value={own}
            required
            error={past ? t('later.past') : undefined}
            onChange={(event) => {
              setOwn(event.target.value);
              setPast(false);
            }}
          />
          {task.errorBeside() && <Notice kind="problem">{task.errorBeside()}</Notice>}
          <Actions>
            <Button type="submit" kind="primary" busy={task.busy} disabled={!valid}>
              {action}
            </Button>
          </Actions>
        </Form>
      </div>
    </Dialog>
  );
}
