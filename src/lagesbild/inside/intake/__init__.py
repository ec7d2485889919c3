"""Files in, admitted tables or refusals out."""
