"""Whether forecasts of goals come true: made series, rivals, scores and the table of both."""
