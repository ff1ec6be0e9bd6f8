import type { ComponentChildren } from 'preact';
import type { TextField } from './checkout-fields.ts';
import type { CheckoutField, CheckoutForm } from './models.ts';

type FieldProps = {
  readonly name: CheckoutField;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly problem: string | undefined;
  readonly children: ComponentChildren;
};

/** A label, what helps, what is wrong, and the control, whose id must be the field's name. */
export function Field({ name, label, hint, problem, children }: FieldProps) {
  return (
    <div class={`field field-${name}`}>
      <label for={name}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p class="problem" id={`${name}-problem`}>
          {problem}
        </p>
      )}
      {children}
    </div>
  );
}

/** The attributes that tie a control to its label, hint and problem. */
export function fieldAttributes(name: CheckoutField, problem: string | undefined, hint?: string) {
  const describedBy = [hint !== undefined && `${name}-hint`, problem !== undefined && `${name}-problem`].filter(
    Boolean,
  );
  return {
    id: name,
    name,
    required: true,
    'aria-invalid': problem === undefined ? undefined : 'true',
    'aria-describedby': describedBy.length > 0 ? describedBy.join(' ') : undefined,
  } as const;
}

type TextInputProps = { readonly field: TextField; readonly form: CheckoutForm };

/** A field of one line of text, with what was typed before. */
export function TextInput({ field, form }: TextInputProps) {
  const problem = form.problems[field.name];
  return (
    <Field name={field.name} label={field.label} hint={field.hint} problem={problem}>
      <input
        {...field.input}
        {...fieldAttributes(field.name, problem, field.hint)}
        required={!field.isOptional}
        value={form.values[field.name]}
      />
    </Field>
  );
}

type SelectInputProps = {
  readonly name: CheckoutField;
  readonly label: string;
  readonly autocomplete: string;
  readonly options: readonly string[];
  readonly form: CheckoutForm;
};

/** A field of one choice out of a few; nothing is chosen when the value is not among them. */
export function SelectInput({ name, label, autocomplete, options, form }: SelectInputProps) {
  const problem = form.problems[name];
  const value = form.values[name];
  return (
    <Field name={name} label={label} problem={problem}>
      <select {...fieldAttributes(name, problem)} autocomplete={autocomplete}>
        {!options.includes(value) && <option value="">Choose</option>}
        {options.map((option) => (
          <option key={option} value={option} selected={option === value}>
            {option}
          </option>
        ))}
      </select>
    </Field>
  );
}
