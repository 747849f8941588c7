// Choosing one of very many by typing a part of it.

import { Combobox } from '@base-ui/react/combobox';
import { Check } from 'lucide-react';
import { useId } from 'react';
import { useText } from '@/lib/text';
import styles from './SearchSelect.module.css';

export interface SearchOption {
  readonly value: string;
  readonly label: string;
}

export interface SearchSelectProps {
  label: string;
  hint?: string;
  placeholder?: string;
  options: readonly SearchOption[];
  value: string | null;
  onChange: (value: string | null) => void;
}

export function SearchSelect({ label, hint, placeholder, options, value, onChange }: SearchSelectProps) {
  const t = useText();
  const id = useId();
  const chosen = options.find((option) => option.value === value) ?? null;
  return (
    <Combobox.Root
      items={options}
      value={chosen}
      onValueChange={(option) => onChange(option?.value ?? null)}
      isItemEqualToValue={(one, other) => one.value === other.value}
    >
      <div className={styles.field}>
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
        <Combobox.Input
          id={id}
          className={styles.input}
          placeholder={placeholder}
          aria-describedby={hint ? `${id}-hint` : undefined}
        />
        {hint && (
          <p id={`${id}-hint`} className={styles.hint}>
            {hint}
          </p>
        )}
      </div>
      <Combobox.Portal>
        <Combobox.Positioner className={styles.positioner} sideOffset={4}>
          <Combobox.Popup className={styles.popup}>
            <Combobox.Empty className={styles.empty}>{t('common.nothingFound')}</Combobox.Empty>
            <Combobox.List className={styles.list}>
              {(option: SearchOption) => (
                <Combobox.Item key={option.value} value={option} className={styles.item}>
                  {option.label}
                  <Combobox.ItemIndicator className={styles.mark}>
                    <Check size="1em" />
                  </Combobox.ItemIndicator>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
