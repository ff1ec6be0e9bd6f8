import { serviceMain } from '../lib/service-main.ts';
import { readCurrencyConfig } from './config.ts';
import { startCurrencyService } from './service.ts';

void serviceMain({ name: 'currencyservice', readConfig: readCurrencyConfig, start: startCurrencyService });
