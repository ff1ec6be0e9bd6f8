import { serviceMain } from '../lib/process/service-main.ts';
import { readCurrencyConfig } from './config.ts';
import { startCurrencyService } from './service.ts';

void serviceMain({ name: 'currencyservice', readConfig: readCurrencyConfig, start: startCurrencyService });
