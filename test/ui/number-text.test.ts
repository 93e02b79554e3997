import t from "tap";
import { moneyText, percentText, shortCountText, shortMoneyText } from "../../ui/number-text.js";

await t.test("money has two decimals, whatever its size, and a currency where there is one", (t) => {
  t.equal(moneyText("9007199254740993.015001", null), "9,007,199,254,740,993.02");
  t.equal(moneyText("-1234.500000", "EUR"), "−€1,234.50");
  t.equal(moneyText("-0.000001", "EUR"), "€0.00");
  t.equal(moneyText("5.000000", "JPY"), "¥5.00");
  t.equal(moneyText(0.00125, null), "0.0013");
  t.end();
});

await t.test("where there is no room, large numbers are short", (t) => {
  t.equal(shortMoneyText("3412345.123456", "EUR"), "€3.41M");
  t.equal(shortMoneyText("-3000000.000000", null), "−3M");
  t.equal(shortMoneyText("99999.990000", null), "99,999.99");
  t.equal(shortCountText(99_999), "99,999");
  t.equal(shortCountText(1_234_567_890), "1.23B");
  t.equal(percentText(0.12345), "12.3 %");
  t.end();
});
