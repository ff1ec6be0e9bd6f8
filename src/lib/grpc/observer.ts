import type { status } from '@grpc/grpc-js';

/** One call that was made and answered. */
export type ObservedCall = {
  /** The calling service. */
  readonly from: string;
  /** The called service, as in the topology. */
  readonly to: string;
  /** As in the .proto file, such as `GetCart`. */
  readonly rpc: string;
  readonly code: status;
};

/** Is told of every call once it is answered. */
export type CallObserver = (call: ObservedCall) => void;
