import type { ComponentChildren } from 'preact';
import { CHECKOUT_FIELDS, type CheckoutField, type FieldSpec } from '../checkout-form/fields.ts';
import type { CheckoutForm } from './models.ts';

type FormFieldProps = { readonly name: CheckoutField; readonly form: CheckoutForm };

/** One field of the checkout form: label, hint, problem and control. */
export function FormField({ name, form }: FormFieldProps) {
  const spec: FieldSpec = CHECKOUT_FIELDS[name];
  const problem = form.problems[name];
  const options = form.options[name];
  const attributes = { ...spec.control, ...fieldAttributes(name, spec, problem) };
  return (
    <Labelled name={name} label={spec.label} hint={spec.hint} problem={problem}>
      {options === undefined ? (
        <input {...attributes} value={form.values[name]} />
      ) : (
        <Select attributes={attributes} options={options} value={form.values[name]} />
      )}
    </Labelled>
  );
}

type LabelledProps = {
  readonly name: CheckoutField;
  readonly label: string;
  readonly hint: string | undefined;
  readonly problem: string | undefined;
  readonly children: ComponentChildren;
};

function Labelled({ name, label, hint, problem, children }: LabelledProps) {
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

// Ties the control to its label, hint and problem: the name is also the id that the summary of problems links to.
function fieldAttributes(name: CheckoutField, { hint, isOptional = false }: FieldSpec, problem: string | undefined) {
  const describedBy = [hint !== undefined && `${name}-hint`, problem !== undefined && `${name}-problem`].filter(
    Boolean,
  );
  return {
    id: name,
    name,
    required: !isOptional,
    'aria-invalid': problem === undefined ? undefined : 'true',
    'aria-describedby': describedBy.length > 0 ? describedBy.join(' ') : undefined,
  } as const;
}

type SelectProps = {
  readonly attributes: ReturnType<typeof fieldAttributes> & { readonly autocomplete: string };
  readonly options: readonly string[];
  readonly value: string;
};

// No option is selected when the value is not among them.
function Select({ attributes, options, value }: SelectProps) {
  return (
    <select {...attributes}>
      {!options.includes(value) && <option value="">Choose</option>}
      {options.map((option) => (
        <option key={option} value={option} selected={option === value}>
          {option}
        </option>
      ))}
    </select>
  );
}
