import { IntlMessageFormat } from "intl-messageformat";

const message = new IntlMessageFormat("{count, plural, =0 {no guests} one {# guest} other {# guests}}", "en");

export const greeting = (count) => message.format({ count });
