/** @minimum 0 @maximum 100 */
export type Percent = number;
