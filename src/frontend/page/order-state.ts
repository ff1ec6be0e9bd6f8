/** The states of an order, as the contract names them. */
export type OrderStateName = 'PLACED' | 'PAID' | 'SHIPPED' | 'CONFIRMED' | 'REFUNDING' | 'REJECTED';
