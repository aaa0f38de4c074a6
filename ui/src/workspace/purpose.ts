/** Why somebody comes to a relay: with an invitation, with this device's workspace, or again. */
export type Purpose = 'join' | 'publish' | 'sign_in'
