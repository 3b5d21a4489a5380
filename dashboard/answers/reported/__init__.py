"""What agencies, ministries and the press say of services: shown with sentence, day and address, never counted."""
