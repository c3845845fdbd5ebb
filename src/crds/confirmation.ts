/** What the user said about losing resources. */
export interface ConfirmationFlags {
  /** `--confirm-data-loss` */
  confirmDataLoss: boolean;
  /** `--yes`: stands for a yes, never for a confirmed loss. */
  yes: boolean;
  /** A terminal is there to ask at. */
  canAsk: boolean;
}

/** `type-number`: the user is to type how many resources will be lost. */
export type Confirmation = 'granted' | 'ask-yes' | 'type-number' | 'refused';

/**
 * Whether CRDs may be deleted. Where resources would be lost, only the typed number or `--confirm-data-loss` will do:
 * no other flag, alone or with others, stands for them.
 *
 * @param resources how many resources would be lost
 */
export function confirmationFor(resources: number, { confirmDataLoss, yes, canAsk }: ConfirmationFlags): Confirmation {
  if (confirmDataLoss) return 'granted';
  if (resources > 0) return canAsk ? 'type-number' : 'refused';
  if (yes) return 'granted';
  return canAsk ? 'ask-yes' : 'refused';
}
